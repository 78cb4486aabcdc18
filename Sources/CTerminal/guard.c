// Restores the terminal when the program crashes. Everything in the handler is async-signal-safe.
#define _GNU_SOURCE
#include "CTerminal.h"
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT};
enum { crash_count = sizeof crashes / sizeof *crashes };
static struct sigaction before[crash_count];
static struct termios modes;
static int have_modes = 0;
static char undo_bytes[512];
static size_t undo_length = 0;
static int hidden_errors = -1, real_errors = -1;
static char handler_stack[1 << 16];

static void put(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, bytes, length);
    if (written <= 0) return;
    bytes += written;
    length -= (size_t)written;
  }
}

void terminal_hide_errors(void) {
  if (hidden_errors >= 0) return;
  hidden_errors = memfd_create("standard error", MFD_CLOEXEC);
  real_errors = dup(STDERR_FILENO);
  if (hidden_errors >= 0 && real_errors >= 0) dup2(hidden_errors, STDERR_FILENO);
}

void terminal_show_errors(void) {
  if (hidden_errors < 0) return;
  if (real_errors >= 0) dup2(real_errors, STDERR_FILENO);
  char buffer[4096];
  lseek(hidden_errors, 0, SEEK_SET);
  for (ssize_t count; (count = read(hidden_errors, buffer, sizeof buffer)) > 0;)
    put(STDERR_FILENO, buffer, (size_t)count);
  close(hidden_errors);
  if (real_errors >= 0) close(real_errors);
  hidden_errors = real_errors = -1;
}

static void crashed(int signal, siginfo_t *info, void *context) {
  (void)context;
  put(STDOUT_FILENO, undo_bytes, undo_length);
  if (have_modes) tcsetattr(STDIN_FILENO, TCSANOW, &modes);
  terminal_show_errors();
  static const char words[] =
      "\nsparkify stopped because of a fault in the program (signal ";
  char number[] = {(char)('0' + signal / 10), (char)('0' + signal % 10), ')', '.', '\n'};
  put(STDERR_FILENO, words, sizeof words - 1);
  put(STDERR_FILENO, number, sizeof number);
  // The fault repeats when this returns, and meets what was there before: the default, or a
  // backtrace.
  for (int index = 0; index < crash_count; index++)
    sigaction(crashes[index], &before[index], NULL);
  // One that was sent would not repeat.
  if (info->si_code <= 0) raise(signal);
}

void terminal_arm_guard(const void *undo, size_t length) {
  undo_length = length < sizeof undo_bytes ? length : sizeof undo_bytes;
  memcpy(undo_bytes, undo, undo_length);
  have_modes = tcgetattr(STDIN_FILENO, &modes) == 0;
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack}, present;
  if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE))
    sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_sigaction = crashed, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  sigfillset(&action.sa_mask);
  for (int index = 0; index < crash_count; index++)
    sigaction(crashes[index], &action, &before[index]);
}

void terminal_disarm_guard(void) {
  for (int index = 0; index < crash_count; index++)
    sigaction(crashes[index], &before[index], NULL);
  undo_length = 0;
}
