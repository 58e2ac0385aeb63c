#ifndef FTREPORT_COPENBLAS_SHIM_H
#define FTREPORT_COPENBLAS_SHIM_H
#include <cblas.h>
#include <malloc.h>
#endif
