// The JSON parser behind a C interface: one record's members at a time. No exception leaves it.
#ifndef SPARKIFY_CSIMDJSON_H
#define SPARKIFY_CSIMDJSON_H
#endif
