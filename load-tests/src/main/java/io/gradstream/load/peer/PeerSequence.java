package io.gradstream.load.peer;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A sequence column of a batch, oldest items first, padding behind the newest.
 *
 * @param ids [rows, length]
 * @param lengths [rows]: how many items each row has
 * @param full whether no row has padding, so that nothing need be masked
 */
record PeerSequence(Tensor ids, Tensor lengths, boolean full) implements AutoCloseable {
    long rows() {
        return ids.size(0);
    }

    long length() {
        return ids.size(1);
    }

    /** Which items there are [rows, length]; at least the first is said to be, for attention to look at. */
    Tensor visible() {
        return before(lengths.clamp_min(new Scalar(1)));
    }

    /** The mean [rows, width] of x [rows, length, width] over the items; zero for none. */
    Tensor mean(Tensor x) {
        if (full) {
            return x.mean(1);
        }
        Tensor counts = lengths.clamp_min(new Scalar(1)).unsqueeze(1);
        return x.mul(before(lengths).unsqueeze(2)).sum(1).div(counts);
    }

    /** What stands [rows, width] at the place of the newest item in x [rows, length, width]; of a row without items at the first place. */
    Tensor newest(Tensor x) {
        if (full) {
            return x.select(1, length() - 1);
        }
        Tensor place = lengths.sub(new Scalar(1)).clamp_min(new Scalar(0)).view(-1, 1, 1);
        return x.gather(1, place.expand(rows(), 1, x.size(2))).squeeze(1);
    }

    /** x [rows, width] with zeros for rows without items. */
    Tensor whereAny(Tensor x) {
        return full ? x : x.mul(lengths.gt(new Scalar(0)).unsqueeze(1));
    }

    private Tensor before(Tensor end) {
        return torch.arange(new Scalar(length())).lt(end.unsqueeze(1));
    }

    @Override
    public void close() {
        ids.close();
        lengths.close();
    }
}
