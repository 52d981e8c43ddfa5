#ifndef GPS_H
#define GPS_H

#include "camera.h"

/** Where and when one of the GPS lines of the last frame was exposed. */
ASI_ERROR_CODE gps_read(const struct camera *camera, ASI_CONTROL_TYPE line, ASI_GPS_DATA *data);

#endif
