/*
 * Waits until the pod's networks are complete, which the controller says by an alias of lo that begins with "complete".
 * It subscribes to changes of links (rtnetlink(7)) before it looks, so that no change is missed, and sleeps in between.
 * Ends with 0 when complete, with 2 and a message where the kernel refuses, by SIGTERM with 143 even as first process.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char MARKER[] = "complete";
static const char ALIAS[] = "/sys/class/net/lo/ifalias";

static void terminated(int signal) { _exit(128 + signal); }

static void refuse(const char *what) {
    fprintf(stderr, "networks-ready: %s: %s\n", what, strerror(errno));
    exit(2);
}

static int subscribe_to_links(void) {
    struct sockaddr_nl links = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    int subscription = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (subscription < 0 || bind(subscription, (struct sockaddr *)&links, sizeof links) < 0)
        refuse("subscribing to changes of links");
    return subscription;
}

static int is_complete(void) {
    char alias[sizeof MARKER - 1];
    int file = open(ALIAS, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    if (file < 0 || (length = read(file, alias, sizeof alias)) < 0)
        refuse(ALIAS);
    close(file);
    return length == sizeof alias && memcmp(alias, MARKER, sizeof alias) == 0;
}

int main(void) {
    char change[8192];
    int subscription;

    signal(SIGTERM, terminated);
    signal(SIGINT, terminated);
    subscription = subscribe_to_links();
    while (!is_complete())
        if (recv(subscription, change, sizeof change, 0) < 0 && errno != ENOBUFS && errno != EINTR)
            refuse("waiting for changes of links");
    return 0;
}
