package io.gradstream.config;

import io.gradstream.config.yaml.Written;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The device that trains. */
@Written(pattern = "auto|cpu|cuda(:[0-9]{1,3})?", words = "auto, cpu, cuda or a card such as cuda:0")
public sealed interface DeviceChoice {
    /** A CUDA card if one can be used, else the CPU. */
    record Auto() implements DeviceChoice {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** The CPU. */
    record Cpu() implements DeviceChoice {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** The CUDA card with this number. */
    record Cuda(int index) implements DeviceChoice {
        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    Pattern CARD = Pattern.compile("cuda(?::([0-9]{1,3}))?");

    static DeviceChoice parse(String text) {
        Matcher card = CARD.matcher(text);
        if (card.matches()) {
            return new Cuda(card.group(1) == null ? 0 : Integer.parseInt(card.group(1)));
        }
        return switch (text) {
            case "auto" -> new Auto();
            case "cpu" -> new Cpu();
            default -> throw new IllegalArgumentException("must be auto, cpu, cuda or a card such as cuda:0");
        };
    }
}
