#ifndef FTREPORT_CCMARK_SHIM_H
#define FTREPORT_CCMARK_SHIM_H
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#endif
