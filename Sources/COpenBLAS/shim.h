#ifndef FTREPORT_COPENBLAS_SHIM_H
#define FTREPORT_COPENBLAS_SHIM_H
#include <cblas.h>

/// Tells the processor that this is a waiting loop.
static inline void ftreport_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
#endif
