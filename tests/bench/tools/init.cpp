// init COMMAND...: the first process of a mail server's PID namespace: starts it and reaps what it leaves
// behind. When this process is killed, the kernel kills the whole namespace.
#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGINT, SIG_IGN);
  if (::fork() == 0) {
    std::signal(SIGHUP, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    ::setsid();
    ::execv(argv[1], argv + 1);
    ::_exit(127);
  }
  for (;;)
    if (::wait(nullptr) < 0 && errno == ECHILD) ::pause();
}
