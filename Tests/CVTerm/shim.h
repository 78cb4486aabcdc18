// libvterm, and the few things for a pseudo-terminal that the Glibc module hides.
#ifndef SPARKIFY_CVTERM_H
#define SPARKIFY_CVTERM_H
#include <vterm.h>

extern int posix_openpt(int flags);
extern int grantpt(int descriptor);
extern int unlockpt(int descriptor);
extern char *_Nullable ptsname(int descriptor);
/// glibc's POSIX_SPAWN_SETSID, which its header shows only with a feature macro.
static const short CVTERM_SPAWN_SETSID = 0x80;
#endif
