// udp listen ADDRESS PORT: answers each datagram with itself, for ever. udp send ADDRESS PORT TEXT: prints the answer to
// it, and fails if none comes within a second, five times over.
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int listen_on(int fd, const struct addrinfo *at)
{
    struct sockaddr_storage from;
    char text[2048];

    if (bind(fd, at->ai_addr, at->ai_addrlen) < 0)
        return perror("bind"), 1;
    puts("bound");
    fflush(stdout);
    for (;;) {
        socklen_t length = sizeof(from);
        ssize_t got = recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &length);
        if (got >= 0)
            sendto(fd, text, got, 0, (struct sockaddr *)&from, length);
    }
}

static int send_to(int fd, const struct addrinfo *to, const char *text)
{
    struct timeval second = {.tv_sec = 1};
    char answer[2048];

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
    if (connect(fd, to->ai_addr, to->ai_addrlen) < 0)
        return perror("connect"), 1;
    for (int i = 0; i < 5; i++) {
        if (send(fd, text, strlen(text), 0) < 0)
            perror("send");
        ssize_t got = recv(fd, answer, sizeof(answer), 0);
        if (got >= 0)
            return printf("%.*s\n", (int)got, answer) < 0;
    }
    fprintf(stderr, "no answer\n");
    return 1;
}

int main(int argc, char **argv)
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV}, *at;

    if (argc < 4 || getaddrinfo(argv[2], argv[3], &hints, &at) != 0)
        return fprintf(stderr, "udp listen|send ADDRESS PORT [TEXT]\n"), 2;
    int fd = socket(at->ai_family, SOCK_DGRAM, 0);
    return argc == 4 ? listen_on(fd, at) : send_to(fd, at, argv[4]);
}
