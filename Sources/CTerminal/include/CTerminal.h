// Signals and the crash guard of the console: plain C, as signal handlers must be.
#ifndef SPARKIFY_CTERMINAL_H
#define SPARKIFY_CTERMINAL_H
#endif
