package io.accel.tools.stackdump;

import io.accel.core.config.Names;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A view's name as users write it. */
final class ViewName implements ITypeConverter<View> {
    @Override
    public View convert(String name) {
        return Arrays.stream(View.values()).filter(view -> of(view).equals(name)).findFirst().orElseThrow(() -> {
            final String nearest = Names.nearest(name, Arrays.stream(View.values()).map(ViewName::of).toList());
            return new TypeConversionException("'" + name + "' is no view; "
                + (nearest == null ? "see stackdump --help" : "did you mean " + nearest + "?"));
        });
    }

    static String of(View view) {
        return view.name().toLowerCase(Locale.ROOT);
    }
}
