// What the console's terminal needs from C: signals as bytes in a pipe, a guard that restores the
// terminal when the program crashes, and a few calls that the Glibc module lacks.
#ifndef SPARKIFY_CTERMINAL_H
#define SPARKIFY_CTERMINAL_H
#include <stddef.h>
#include <stdint.h>

/// Catches WINCH, INT, TERM, HUP, TSTP and CONT from now on; each becomes one byte, its number.
///
/// Returns the descriptor to read them from (nonblocking, closed on exec), or -1.
int terminal_catch_signals(void);

/// Gives those signals back what they did before.
void terminal_release_signals(void);

/// Catches INT, TERM and HUP, each once, for programs without a screen: the first becomes one byte,
/// its number, and the second does what the system does by default. What the program was started
/// to ignore (`nohup`, a shell's background job) stays ignored.
///
/// Returns the descriptor to read them from (nonblocking, closed on exec), or -1.
int terminal_catch_endings(void);

/// Stops this process, or its whole group as the terminal's own Ctrl-Z does, and returns once it
/// was continued. An orphaned group is not stopped: the kernel sees to that.
void terminal_stop(int whole_group);

/// Keeps the terminal's modes and arms the crash handlers. On a crash they write `undo`, restore
/// the modes, hand back the standard error with all that was written to it meanwhile, and let the
/// handlers that were there before go on. `undo` is copied; at most 512 bytes.
void terminal_arm_guard(const void *_Nonnull undo, size_t length);

/// Takes the crash handlers away again.
void terminal_disarm_guard(void);

/// Sends the standard error to memory, so that nothing is printed over the screen.
void terminal_hide_errors(void);

/// Hands back the standard error and writes to it what came meanwhile.
void terminal_show_errors(void);

/// Takes the locale from the environment. Returns whether text goes out as UTF-8: when the locale
/// says so, or when it says nothing at all, as in bare containers. Widths count as in `C.UTF-8`.
int terminal_use_locale(void);

/// The cells that a character takes by the C library, which is what ncurses goes by; -1 for none.
int terminal_cell_width(uint32_t scalar);
#endif
