/*
 * What a test's container runs to stay: as the first process of an agent with a shell, too, or of the app itself.
 * SIGTERM and SIGINT end it at once with status 0, orphans of cut sessions are reaped, and nothing else ever wakes it.
 */
#include <signal.h>
#include <sys/wait.h>

int main(void) {
    sigset_t signals;
    int signal;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, 0);
    while (sigwait(&signals, &signal) == 0 && signal == SIGCHLD)
        while (waitpid(-1, 0, WNOHANG) > 0)
            ;
    return 0;
}
