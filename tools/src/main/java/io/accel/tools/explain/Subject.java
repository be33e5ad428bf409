package io.accel.tools.explain;

import io.accel.core.config.Names;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The number of a process; any other word was meant for one of the questions. */
final class Subject implements ITypeConverter<Long> {
    private static final List<String> QUESTIONS = List.of("udp", "bind", "join");

    @Override
    public Long convert(String word) {
        try {
            return Long.valueOf(word);
        } catch (final NumberFormatException e) {
            throw new TypeConversionException("'" + word + "' is neither a process nor one of " + String.join(", ", QUESTIONS)
                + Names.suggestion(word, QUESTIONS));
        }
    }
}
