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

/// Writes back the byte that is there, on x86 without a look at it before: a page of a privately
/// mapped file then becomes this process's own, and none around it is mapped.
static inline void ftreport_claim(void *byte) {
#if defined(__x86_64__)
  __asm__ volatile("lock orb $0, %0" : "+m"(*(volatile char *)byte));
#else
  volatile char *place = (volatile char *)byte;
  *place = *place;
#endif
}

/// Bits of the widest vectors that this program was compiled for; which of them compute decides how
/// library functions round.
static inline int ftreport_vector_bits(void) {
#if defined(__AVX512F__)
  return 512;
#elif defined(__AVX__)
  return 256;
#else
  return 128;
#endif
}

typedef float ftreport_float8 __attribute__((ext_vector_type(8)));
typedef double ftreport_double8 __attribute__((ext_vector_type(8)));

/// Computes eight square roots with the processor's vector instruction; Swift's own computes one
/// after the other, with a branch for each.
static inline ftreport_float8 ftreport_square_roots(ftreport_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

static inline ftreport_double8 ftreport_square_roots_double(ftreport_double8 x) {
  return __builtin_elementwise_sqrt(x);
}
#endif
