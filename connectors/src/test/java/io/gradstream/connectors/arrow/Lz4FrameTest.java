package io.gradstream.connectors.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.rows.UndecodableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;

/** Decodes what lz4-java compressed; blocks that refer to earlier ones come from Arrow's C++ implementation elsewhere. */
class Lz4FrameTest {
    private final Random random = new Random(3);

    @Test
    void decodesPatternsOfEveryPeriodAndLength() throws Exception {
        for (int length : List.of(0, 1, 4, 13, 15, 16, 17, 64, 207, 4098, 70_000)) {
            for (int period : List.of(1, 2, 3, 5, 7, 8, 9, 15, 16, 100, 65_535)) {
                byte[] plain = new byte[length];
                for (int i = 0; i < length; i++) {
                    plain[i] = (byte) (i < period ? random.nextInt() : plain[i - period]);
                }
                assertRoundTrip(plain, BLOCKSIZE.SIZE_64KB);
            }
        }
    }

    @Test
    void decodesWhatCannotBeCompressedAndWhatIsNearlyRandom() throws Exception {
        byte[] noise = new byte[200_000];
        random.nextBytes(noise);
        assertRoundTrip(noise, BLOCKSIZE.SIZE_256KB);
        for (int i = 0; i < noise.length; i++) {
            noise[i] &= 3;
        }
        assertRoundTrip(noise, BLOCKSIZE.SIZE_64KB, Bits.BLOCK_CHECKSUM);
        assertRoundTrip(noise, BLOCKSIZE.SIZE_4MB, Bits.CONTENT_CHECKSUM, Bits.BLOCK_CHECKSUM);
    }

    @Test
    void noticesDamageByChecksums() throws Exception {
        byte[] plain = new byte[5_000];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) random.nextInt(4);
        }
        byte[] frame = compress(plain, BLOCKSIZE.SIZE_64KB, Bits.CONTENT_CHECKSUM, Bits.BLOCK_CHECKSUM);
        for (int i = 0; i < frame.length; i++) {
            byte[] damaged = frame.clone();
            damaged[i] ^= 0x04;
            assertThatThrownBy(() -> Lz4Frame.decode(damaged, 0, damaged.length, new byte[plain.length]))
                    .isInstanceOf(UndecodableException.class);
        }
    }

    @Test
    void survivesDamageThatNoChecksumNotices() throws Exception {
        byte[] plain = new byte[3_000];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) random.nextInt(3);
        }
        byte[] frame = compress(plain, BLOCKSIZE.SIZE_64KB);
        int decoded = 0;
        for (int n = 0; n < 20_000; n++) {
            byte[] damaged = n % 4 == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length)) : frame.clone();
            for (int i = random.nextInt(3); i >= 0 && damaged.length > 7; i--) {
                damaged[7 + random.nextInt(damaged.length - 7)] = (byte) random.nextInt();
            }
            try {
                assertThat(Lz4Frame.decode(damaged, 0, damaged.length, new byte[plain.length]))
                        .isBetween(0, plain.length);
                decoded++;
            } catch (UndecodableException e) {
                assertThat(e.reason()).isEqualTo(UndecodableException.Reason.CORRUPT);
            }
        }
        assertThat(decoded).isPositive();
    }

    private static void assertRoundTrip(byte[] plain, BLOCKSIZE blocks, Bits... bits) throws Exception {
        byte[] frame = compress(plain, blocks, bits);
        byte[] shifted = new byte[frame.length + 5];
        System.arraycopy(frame, 0, shifted, 3, frame.length);
        byte[] decoded = new byte[plain.length];

        assertThat(Lz4Frame.decode(shifted, 3, frame.length, decoded)).isEqualTo(plain.length);
        assertThat(decoded).isEqualTo(plain);
    }

    private static byte[] compress(byte[] plain, BLOCKSIZE blocks, Bits... bits) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        Bits[] all = Arrays.copyOf(bits, bits.length + 1);
        all[bits.length] = Bits.BLOCK_INDEPENDENCE;
        try (LZ4FrameOutputStream out = new LZ4FrameOutputStream(
                frame,
                blocks,
                -1L,
                LZ4Factory.fastestInstance().fastCompressor(),
                XXHashFactory.fastestInstance().hash32(),
                all)) {
            out.write(plain);
        }
        return frame.toByteArray();
    }
}
