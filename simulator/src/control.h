#ifndef CONTROL_H
#define CONTROL_H

#include "ASICamera2.h"
#include "model.h"

/** Fills in what a camera tells about one of its controls. */
void control_describe(const struct control *control, ASI_CONTROL_CAPS *caps);

/** Whether a control can be written. */
bool control_is_writable(ASI_CONTROL_TYPE type);

/** Whether a control has an automatic mode. */
bool control_has_auto(ASI_CONTROL_TYPE type);

/** A value forced into a control's range, as the SDK does without a word. */
long control_clamp(const struct control *control, long value);

#endif
