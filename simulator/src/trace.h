#ifndef TRACE_H
#define TRACE_H

#include "call.h"

/** Whether calls are recorded. */
bool trace_is_on(void);

/** Records a call that ends now; README.md has the format of the line. */
void trace_write(const struct call *call, const char *result);

#endif
