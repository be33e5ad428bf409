package io.accel.tools.stackdump;

import io.accel.core.config.Names;
import io.accel.tools.text.EnumWord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a user wants of stackdump, by its name. @param view null: {@code clear}, which shows nothing */
record ViewName(View view) {
    private static final String CLEAR = "clear";

    boolean isClear() {
        return view == null;
    }

    static String of(View view) {
        return EnumWord.of(view);
    }

    /** From what the user wrote. */
    static final class Converter implements ITypeConverter<ViewName> {
        @Override
        public ViewName convert(String name) {
            final Optional<View> found = Arrays.stream(View.values()).filter(view -> of(view).equals(name)).findFirst();
            if (found.isEmpty() && !name.equals(CLEAR)) {
                final List<String> known = Stream.concat(Arrays.stream(View.values()).map(ViewName::of), Stream.of(CLEAR)).toList();
                final String nearest = Names.nearest(name, known);
                throw new TypeConversionException("'" + name + "' is no view; "
                    + (nearest == null ? "see stackdump --help" : "did you mean " + nearest + "?"));
            }
            return new ViewName(found.orElse(null));
        }
    }
}
