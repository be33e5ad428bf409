package io.accel.tools.text;

import io.accel.core.config.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an enum's constants as users write them, in small letters, and answers what is none of them with the nearest. */
public abstract class EnumWord<E extends Enum<E>> implements ITypeConverter<E> {
    private final E[] constants;
    private final String kind;

    /** @param kind what a constant is called, with its article, as {@code no view} */
    protected EnumWord(Class<E> type, String kind) {
        constants = type.getEnumConstants();
        this.kind = kind;
    }

    @Override
    public final E convert(String word) {
        return Arrays.stream(constants).filter(each -> of(each).equals(word)).findFirst().orElseThrow(() -> {
            final List<String> words = Arrays.stream(constants).map(EnumWord::of).toList();
            final String nearest = Names.nearest(word, words);
            return new TypeConversionException("'" + word + "' is " + kind + "; "
                + (nearest == null ? "there are " + String.join(", ", words) : "did you mean " + nearest + "?"));
        });
    }

    /** A constant as users write it. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
