#ifndef FTREPORT_CZLIB_SHIM_H
#define FTREPORT_CZLIB_SHIM_H
#include <zlib.h>
/* A macro in zlib. */
static inline int ftreport_inflate_begin(z_stream *stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}
#endif
