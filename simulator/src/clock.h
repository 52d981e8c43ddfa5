#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#define MICROSECOND INT64_C(1000)
#define MILLISECOND INT64_C(1000000)
#define SECOND INT64_C(1000000000)

/** Nanoseconds of CLOCK_MONOTONIC, the one clock all processes on a machine share. */
int64_t clock_now(void);

/** Sleeps until a time of clock_now. */
void clock_sleep_until(int64_t when);

#endif
