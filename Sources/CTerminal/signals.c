// Signals of the console as bytes in a pipe.
#define _GNU_SOURCE
#include "CTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static const int caught[] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT};
enum { caught_count = sizeof caught / sizeof *caught };
static struct sigaction before[caught_count];
static int ends[2] = {-1, -1};

static void tell(int signal) {
  int saved = errno;
  unsigned char byte = (unsigned char)signal;
  // A full pipe already holds enough to wake the reader.
  ssize_t written = write(ends[1], &byte, 1);
  (void)written;
  errno = saved;
}

static int catch_signals(const int *signals, int count, int flags, struct sigaction *old) {
  if (ends[0] < 0 && pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return -1;
  struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART | flags};
  sigfillset(&action.sa_mask);
  for (int index = 0; index < count; index++)
    sigaction(signals[index], &action, old ? &old[index] : NULL);
  return ends[0];
}

int terminal_catch_signals(void) { return catch_signals(caught, caught_count, 0, before); }

int terminal_catch_endings(void) {
  int endings[3], count = 0;
  static const int wanted[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t index = 0; index < sizeof wanted / sizeof *wanted; index++) {
    struct sigaction now;
    if (sigaction(wanted[index], NULL, &now) == 0 && now.sa_handler == SIG_IGN) continue;
    endings[count++] = wanted[index];
  }
  return catch_signals(endings, count, SA_RESETHAND, NULL);
}

void terminal_release_signals(void) {
  for (int index = 0; index < caught_count; index++)
    sigaction(caught[index], &before[index], NULL);
}

void terminal_stop(int whole_group) {
  struct sigaction stop = {.sa_handler = SIG_DFL}, mine;
  sigset_t only, old;
  sigemptyset(&only);
  sigaddset(&only, SIGTSTP);
  sigaction(SIGTSTP, &stop, &mine);
  pthread_sigmask(SIG_UNBLOCK, &only, &old);
  if (whole_group)
    kill(0, SIGTSTP);
  else
    raise(SIGTSTP);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  sigaction(SIGTSTP, &mine, NULL);
}
