/* sender ADDRESS PORT PACKETS: sends UDP packets of 100 bytes and prints the nanoseconds of CPU that each took. A packet to
 * another namespace of the machine is received within the call that sends it, so the time is that of both ends. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define AT_ONCE 32

static long long cpu(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int count, char **words) {
    if (count != 4)
        return 2;
    long packets = atol(words[3]);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    int out = socket(AF_INET, SOCK_DGRAM, 0);
    if (out < 0 || inet_pton(AF_INET, words[1], &to.sin_addr) != 1 || connect(out, (struct sockaddr *)&to, sizeof to))
        return 1;
    static char bytes[100];
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct mmsghdr some[AT_ONCE];
    memset(some, 0, sizeof some);
    for (int i = 0; i < AT_ONCE; i++) {
        some[i].msg_hdr.msg_iov = &part;
        some[i].msg_hdr.msg_iovlen = 1;
    }
    long sent = 0;
    long long before = cpu();
    while (sent < packets) {
        int now = sendmmsg(out, some, AT_ONCE, 0);
        if (now < 0) {
            perror("sendmmsg");
            return 1;
        }
        sent += now;
    }
    printf("%lld\n", (cpu() - before) / sent);
    return 0;
}
