"""Writes the golden files of this folder with Apache Arrow's C++ implementation:
pip install pyarrow==25.0.1 && python generate.py
"""
import pyarrow as pa
from pyarrow import ipc


def gap(values):
    """Row 2 is missing."""
    return [None if row == 2 else value for row, value in enumerate(values)]


def columns():
    yield "i8", pa.array(gap([-128, -1, 0, 1, 127]), pa.int8())
    yield "u8", pa.array([0, 1, 2, 254, 255], pa.uint8())
    yield "i16", pa.array([-32768, -1, 0, 1, 32767], pa.int16())
    yield "u16", pa.array([0, 1, 2, 65534, 65535], pa.uint16())
    yield "i32", pa.array(gap([-(2**31), -1, 0, 1, 2**31 - 1]), pa.int32())
    yield "u32", pa.array([0, 1, 2, 2**32 - 2, 2**32 - 1], pa.uint32())
    yield "i64", pa.array([-(2**63), -1, 0, 1, 2**63 - 1], pa.int64())
    yield "u64", pa.array([0, 1, 2, 2**64 - 2, 2**64 - 1], pa.uint64())
    yield "f16", pa.array([0, 0.5, -2, 1024, 65504], pa.float16())
    yield "f32", pa.array(gap([0, 0.5, -2, 1.5e10, -0.25]), pa.float32())
    yield "f64", pa.array([0, 0.5, -2, 1.5e300, -0.25], pa.float64())
    yield "flag", pa.array(gap([True, False, True, True, False]), pa.bool_())
    text = gap(["a", "", "x", "déjà", "long enough to be no inline string"])
    yield "text", pa.array(text, pa.string())
    yield "wide", pa.array(["a", "", "x", "déjà", "z"], pa.large_string())
    yield "view", pa.array(text, pa.string_view())
    yield "code", pa.array(gap(["red", "green", "red", "blue", "red"])).dictionary_encode()
    yield "when", pa.array([0, 1, 2, 3, 4], pa.timestamp("us"))
    yield "list", pa.array(gap([[1, 2], [], [9], [3, None], [4, 5, 6]]), pa.list_(pa.int32()))
    yield "biglist", pa.array(gap([["a"], [], ["x"], ["b", None], ["c", "d"]]), pa.large_list(pa.string()))
    yield "pair", pa.array([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], pa.list_(pa.float32(), 2))
    yield "nest", pa.array([{"a": n, "b": [str(n)]} for n in range(5)])
    yield "price", pa.array([1, 2, 3, 4, 5], pa.decimal128(10, 2))
    yield "map", pa.array([[("k", n)] for n in range(5)], pa.map_(pa.string(), pa.int32()))
    yield "union", pa.UnionArray.from_dense(
        pa.array([0, 1, 0, 1, 0], pa.int8()),
        pa.array([0, 0, 1, 1, 2], pa.int32()),
        [pa.array([1, 2, 3]), pa.array(["a", "b"])],
    )
    yield "runs", pa.RunEndEncodedArray.from_arrays(pa.array([2, 5], pa.int32()), pa.array([1.0, 2.0]))
    yield "listview", pa.array([[1], [2, 3], [], [4], [5]], pa.list_view(pa.int64()))
    yield "nothing", pa.nulls(5)


def write(name, batches, writer, **options):
    with writer(name, batches[0].schema, options=ipc.IpcWriteOptions(**options)) as out:
        for batch in batches:
            out.write_batch(batch)


names, arrays = zip(*columns())
types = pa.record_batch(list(arrays), names=list(names))
for codec in [None, "lz4", "zstd"]:
    suffix = "" if codec is None else "." + codec
    write(f"types{suffix}.stream.arrow", [types, types], ipc.new_stream, compression=codec)
    write(f"types{suffix}.file.arrow", [types, types], ipc.new_file, compression=codec)

# More than one block of a frame: LZ4 then refers back across blocks.
rows = 20_000
large = pa.record_batch(
    [pa.array([float(n % 1000) for n in range(rows)], pa.float32()), pa.array([f"site-{n % 777}" for n in range(rows)])],
    names=["x", "site"],
)
write("large.lz4.stream.arrow", [large], ipc.new_stream, compression="lz4")
write("large.zstd.stream.arrow", [large], ipc.new_stream, compression="zstd")

# A dictionary that grows from batch to batch, and one that is replaced.
def coded(values, codes):
    return pa.record_batch([pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(values))], names=["code"])


growing = [coded(["a", "b"], [0, 1, 0]), coded(["a", "b", "c"], [2, 1, None]), coded(["a", "b", "c", None, "e"], [4, 3, 2])]
write("deltas.stream.arrow", growing, ipc.new_stream, emit_dictionary_deltas=True)
write("deltas.file.arrow", growing, ipc.new_file, emit_dictionary_deltas=True)
write("replaced.stream.arrow", [coded(["a", "b"], [0, 1]), coded(["x", "y"], [1, 0])], ipc.new_stream)
