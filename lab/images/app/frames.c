// frames LINK: prints a line for each frame that comes in on a device, DESTINATION SOURCE TYPE in hexadecimal, for ever;
// before the first one, "begun".
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>

static void print_mac(const unsigned char *mac)
{
    printf("%02x:%02x:%02x:%02x:%02x:%02x ", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

int main(int argc, char **argv)
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    struct ethhdr frame;

    if (argc != 2 || (at.sll_ifindex = if_nametoindex(argv[1])) == 0)
        return fprintf(stderr, "frames LINK\n"), 2;
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
        return perror("frames"), 1;
    puts("begun");
    for (;;) {
        struct sockaddr_ll from;
        socklen_t length = sizeof(from);
        fflush(stdout);
        ssize_t got = recvfrom(fd, &frame, sizeof(frame), 0, (struct sockaddr *)&from, &length);
        if (got < (ssize_t)sizeof(frame) || from.sll_pkttype == PACKET_OUTGOING)
            continue;
        print_mac(frame.h_dest);
        print_mac(frame.h_source);
        printf("%04x\n", ntohs(frame.h_proto));
    }
}
