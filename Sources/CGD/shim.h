#ifndef FTREPORT_CGD_SHIM_H
#define FTREPORT_CGD_SHIM_H
#include <gd.h>
#endif
