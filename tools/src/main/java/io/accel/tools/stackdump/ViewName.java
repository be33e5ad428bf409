package io.accel.tools.stackdump;

import io.accel.tools.text.EnumWord;

/** A view's name as users write it. */
final class ViewName extends EnumWord<View> {
    ViewName() {
        super(View.class, "no view");
    }
}
