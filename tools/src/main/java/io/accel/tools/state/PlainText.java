package io.accel.tools.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What another user's process tells, without the characters that would command the terminal of who reads it. */
public final class PlainText {
    private static final String INSTEAD = "?";

    private PlainText() {
    }

    /** A copy whose names and texts have no control character. */
    static JsonNode of(JsonNode node) {
        if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(of(node.textValue()));
        }
        if (node.isArray()) {
            final ArrayNode plain = JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> plain.add(of(each)));
            return plain;
        }
        if (node.isObject()) {
            final ObjectNode plain = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(each -> plain.set(of(each.getKey()), of(each.getValue())));
            return plain;
        }
        return node;
    }

    /** The text with something else for each control character. */
    public static String of(String text) {
        return text.replaceAll("\\p{Cntrl}|[\\x80-\\x9f\\u2028\\u2029]", INSTEAD);
    }
}
