package io.accel.tools.top;

import io.accel.tools.text.EnumWord;

/** A key's name as users write it. */
final class SortWord extends EnumWord<SortKey> {
    SortWord() {
        super(SortKey.class, "no key to sort by");
    }
}
