"""What the kernels of the lab's pods tell, as soon as they do it: each pod's network namespace is listened to from outside, so
nothing runs in the pods for it."""
import ctypes
import dataclasses
import os
import pathlib
import selectors
import socket
import struct
import threading
import time

NEWLINK, NEWADDR, GETADDR, NEWNEIGH, DELNEIGH = 16, 20, 22, 28, 29
GROUPS = 1 << 0 | 1 << 2 | 1 << 4  # links, neighbours (a bridge's entries are some), IPv4 addresses
IFA_ADDRESS, NDA_DST, NDA_LLADDR, IFLA_ALIAS = 1, 1, 2, 20
AF_BRIDGE, PERMANENT, LOOPBACK = 7, 0x80, 1
REQUEST_DUMP = 0x301
NEW_NETWORK_NAMESPACE = 0x40000000
BUFFER = 8 << 20
PAUSE = 0.02
FLOOD = bytes(6)

libc = ctypes.CDLL(None, use_errno=True)


@dataclasses.dataclass
class Kernel:
    """Of one pod: its address, when its marker said that it is complete, and when it began and ceased to send to each peer."""
    ip: str = ""
    complete: float = 0
    sends: dict = dataclasses.field(default_factory=dict)
    ceased: dict = dataclasses.field(default_factory=dict)

    def told(self, kind, body, now):
        """Takes a message of the kernel's."""
        if kind == NEWADDR and body[0] == socket.AF_INET and struct.unpack_from("=I", body, 4)[0] != LOOPBACK and not self.ip:
            self.ip = socket.inet_ntoa(attributes(body, 8)[IFA_ADDRESS])
        elif kind == NEWLINK and struct.unpack_from("=i", body, 4)[0] == LOOPBACK and not self.complete:
            if attributes(body, 16).get(IFLA_ALIAS, b"").startswith(b"complete"):
                self.complete = now
        elif kind in (NEWNEIGH, DELNEIGH) and body[0] == AF_BRIDGE and struct.unpack_from("=H", body, 8)[0] & PERMANENT:
            found = attributes(body, 12)
            if found.get(NDA_LLADDR) == FLOOD and len(found.get(NDA_DST, b"")) == 4:
                to = socket.inet_ntoa(found[NDA_DST])
                (self.sends if kind == NEWNEIGH else self.ceased).setdefault(to, now)


def attributes(body, offset):
    found = {}
    while offset + 4 <= len(body):
        length, kind = struct.unpack_from("=HH", body, offset)
        if length < 4:
            break
        found[kind & 0x3fff] = bytes(body[offset + 4:offset + length])
        offset += (length + 3) & ~3
    return found


def messages(data):
    """Each one's type and body."""
    offset = 0
    while offset + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, offset)
        yield kind, data[offset + 16:offset + length]
        offset += (length + 3) & ~3


class Kernels:
    """Listens in every namespace that comes into those folders, until it is closed."""

    def __init__(self, folders):
        self.folders = [pathlib.Path(folder) for folder in folders]
        self.open = {}
        self.known = self.paths()
        self.lost = 0
        self.ends = False
        self.selector = selectors.DefaultSelector()
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def paths(self):
        return {entry.path for folder in self.folders if folder.is_dir() for entry in os.scandir(folder)}

    def of(self, ip):
        """Of the pod with that address; an unwritten one where none was seen."""
        return next((kernel for kernel, _ in list(self.open.values()) if kernel.ip == ip), Kernel())

    def paths_of(self, ips):
        return {path for path, (kernel, _) in list(self.open.items()) if kernel.ip in ips}

    def forget(self, paths):
        """Those whose pods are gone, whose kernels so end too."""
        for path in paths:
            _, listening = self.open.pop(path)
            self.selector.unregister(listening)
            listening.close()

    def listen(self):
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        looked = 0
        while not self.ends:
            if time.monotonic() - looked > PAUSE:
                looked = time.monotonic()
                for path in self.paths() - self.known:
                    self.enter(path, own)
            for key, _ in self.selector.select(PAUSE):
                self.read(*key.data)

    def read(self, kernel, listening):
        try:
            while True:
                data = listening.recv(1 << 17)
                now = time.time()
                for kind, body in messages(data):
                    kernel.told(kind, body, now)
        except BlockingIOError:
            pass
        except OSError:  # the kernel had more to tell than was read
            self.lost += 1

    def enter(self, path, own):
        """The namespace may not be mounted there yet: then it is tried again."""
        try:
            there = os.open(path, os.O_RDONLY)
        except OSError:
            return
        if libc.setns(there, NEW_NETWORK_NAMESPACE) == 0:
            listening = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
            libc.setns(own, NEW_NETWORK_NAMESPACE)
            listening.setsockopt(socket.SOL_SOCKET, 33, BUFFER)  # SO_RCVBUFFORCE
            listening.bind((0, GROUPS))
            listening.send(struct.pack("=IHHIIBxxxI", 24, GETADDR, REQUEST_DUMP, 1, 0, socket.AF_INET, 0))
            kernel = Kernel()
            self.open[path] = kernel, listening
            self.known.add(path)
            self.selector.register(listening, selectors.EVENT_READ, (kernel, listening))
        os.close(there)

    def close(self):
        self.ends = True
        self.thread.join()
        for _, listening in self.open.values():
            listening.close()
