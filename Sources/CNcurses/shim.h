// What Swift cannot import of ncurses: globals, macros and attribute constants. No logic.
#ifndef SPARKIFY_CNCURSES_H
#define SPARKIFY_CNCURSES_H
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

static inline SCREEN *_Nullable ncurses_open(void) { return newterm(NULL, stdout, stdin); }
static inline WINDOW *_Nonnull ncurses_screen(void) { return stdscr; }
static inline int ncurses_rows(void) { return LINES; }
static inline int ncurses_columns(void) { return COLS; }
static inline int ncurses_colors(void) { return COLORS; }
static const attr_t ncurses_bold = A_BOLD, ncurses_dim = A_DIM, ncurses_reverse = A_REVERSE,
                    ncurses_underline = A_UNDERLINE;
static const mmask_t ncurses_button1_pressed = BUTTON1_PRESSED,
                     ncurses_button1_released = BUTTON1_RELEASED,
                     ncurses_wheel_up = BUTTON4_PRESSED, ncurses_wheel_down = BUTTON5_PRESSED;
#endif
