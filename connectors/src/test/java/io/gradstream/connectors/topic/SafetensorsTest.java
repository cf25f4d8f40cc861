package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    private static final NamedTensor WEIGHT = NamedTensor.of("mlp.0.weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    private static final NamedTensor SCALAR = NamedTensor.of("scale", new float[] {7});
    private static final NamedTensor HALVES =
            new NamedTensor("halves", Dtype.BF16, new int[] {3}, ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, 5}));
    private static final NamedTensor EMPTY = NamedTensor.of("empty", new float[0], 0, 4);

    @Test
    void readsWhatItWrites() {
        byte[] blob = Safetensors.encode(List.of(WEIGHT, SCALAR, HALVES, EMPTY), Map.of("by", "gradstream"));
        Safetensors.Content content = Safetensors.decode(blob);

        assertThat(content.tensors()).containsExactly(WEIGHT, SCALAR, HALVES, EMPTY);
        assertThat(content.metadata()).containsExactly(Map.entry("by", "gradstream"));
        assertThat(ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                .isZero();
        assertThat(content.tensors().getFirst().floats()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void readsWhatTheReferenceImplementationWrites() throws Exception {
        try (InputStream in = SafetensorsTest.class.getResourceAsStream("/safetensors/types.safetensors")) {
            assertThat(in).isNotNull();
            Safetensors.Content content = Safetensors.decode(in.readAllBytes());

            assertThat(content.metadata()).containsExactly(Map.entry("format", "np"));
            assertThat(content.tensors())
                    .extracting(NamedTensor::name)
                    .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
            for (NamedTensor tensor : content.tensors()) {
                switch (tensor.name()) {
                    case "a" -> {
                        assertThat(tensor.shape()).containsExactly(2, 3);
                        assertThat(tensor.floats()).containsExactly(0, 1, 2, 3, 4, 5);
                    }
                    case "b" -> assertThat(tensor.bytes().getDouble(0)).isEqualTo(Math.PI);
                    case "c" -> assertThat(tensor.bytes().getLong(0)).isEqualTo(Long.MIN_VALUE);
                    case "d" ->
                        assertThat(Float.float16ToFloat(tensor.bytes().getShort(0)))
                                .isEqualTo(-1.5f);
                    default -> assertThat(tensor.dtype()).isEqualTo(Dtype.BOOL);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "x",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,7]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
                "{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                "{\"__metadata__\":{\"n\":1},\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}"
            })
    void refusesAHeaderThatDoesNotFitItsBytes(String header) {
        byte[] text = header.getBytes(UTF_8);
        ByteBuffer blob = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        blob.putLong(text.length).put(text).putLong(0).flip();

        assertThatThrownBy(() -> Safetensors.decode(blob)).isInstanceOf(MalformedException.class);
    }

    @Test
    void refusesAHeaderLongerThanTheBlob() {
        for (long length : new long[] {-1, 0, 1, 17, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 31}) {
            ByteBuffer blob = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            blob.putLong(0, length);
            assertThatThrownBy(() -> Safetensors.decode(blob)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> Safetensors.decode(new byte[7])).isInstanceOf(MalformedException.class);
    }

    @Test
    void survivesDamage() {
        byte[] blob = Safetensors.encode(List.of(WEIGHT, SCALAR, HALVES, EMPTY), Map.of("by", "gradstream"));
        Random random = new Random(5);
        int decoded = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = blob.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            try {
                decoded += Safetensors.decode(mutant).tensors().size();
            } catch (MalformedException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(decoded).isPositive();
    }
}
