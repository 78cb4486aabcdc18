// Locale and character widths, which the Glibc module lacks or hides behind macros.
#define _GNU_SOURCE
#include "CTerminal.h"
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/// What the environment asks for, in the order of setlocale(3); an empty string when it is silent.
static const char *asked(void) {
  static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (int index = 0; index < 3; index++) {
    const char *value = getenv(names[index]);
    if (value != NULL && *value != '\0') return value;
  }
  return "";
}

int terminal_use_locale(void) {
  setlocale(LC_ALL, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
  // A locale that this machine lacks, as over ssh, still says what the terminal at the other end
  // understands.
  const char *name = asked();
  const int wants_utf8 = *name == '\0' || strcasestr(name, "utf-8") || strcasestr(name, "utf8");
  // UTF-8 in any case: in other locales ncurses has the terminal repeat characters (REP), which
  // not every terminal that calls itself xterm can. ASCII is the same in both.
  return setlocale(LC_CTYPE, "C.UTF-8") != NULL && wants_utf8;
}

int terminal_cell_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
