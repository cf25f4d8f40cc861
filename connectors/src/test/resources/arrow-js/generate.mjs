// Writes the golden files of this folder with Apache Arrow's JavaScript implementation:
//   npm install apache-arrow@21.1.0 && node generate.mjs
import {
  Bool, Dictionary, Field, FixedSizeList, Float16, Float32, Float64, Int16, Int32, Int64, Int8, LargeUtf8, List, RecordBatch,
  Schema, Struct, Table, TimestampMillisecond, Uint16, Uint32, Uint64, Uint8, Utf8, makeData, tableToIPC, vectorFromArray,
} from 'apache-arrow';
import {writeFileSync} from 'node:fs';

const rows = 5;
const gap = values => values.map((value, row) => (row === 2 ? null : value)); // row 2 is missing
const columns = {
  i8: vectorFromArray(gap([-128, -1, 0, 1, 127]), new Int8()),
  u8: vectorFromArray([0, 1, 2, 254, 255], new Uint8()),
  i16: vectorFromArray([-32768, -1, 0, 1, 32767], new Int16()),
  u16: vectorFromArray([0, 1, 2, 65534, 65535], new Uint16()),
  i32: vectorFromArray(gap([-2147483648, -1, 0, 1, 2147483647]), new Int32()),
  u32: vectorFromArray([0, 1, 2, 4294967294, 4294967295], new Uint32()),
  i64: vectorFromArray([-9223372036854775808n, -1n, 0n, 1n, 9223372036854775807n], new Int64()),
  u64: vectorFromArray([0n, 1n, 2n, 18446744073709551614n, 18446744073709551615n], new Uint64()),
  f16: vectorFromArray([0, 0.5, -2, 1024, 65504].map(v => v), new Float16()),
  f32: vectorFromArray(gap([0, 0.5, -2, 1.5e10, -0.25]), new Float32()),
  f64: vectorFromArray([0, 0.5, -2, 1.5e300, -0.25], new Float64()),
  flag: vectorFromArray(gap([true, false, true, true, false]), new Bool()),
  text: vectorFromArray(gap(['a', '', 'x', 'déjà', 'long enough to be no inline string']), new Utf8()),
  wide: vectorFromArray(['a', '', 'x', 'déjà', 'z'], new LargeUtf8()),
  code: vectorFromArray(gap(['red', 'green', 'red', 'blue', 'red']), new Dictionary(new Utf8(), new Int32())),
  when: vectorFromArray([0, 1, 2, 3, 4].map(n => new Date(n)), new TimestampMillisecond()),
  list: vectorFromArray(gap([[1, 2], [], [9], [3, null], [4, 5, 6]]), new List(new Field('item', new Int32(), true))),
  pair: vectorFromArray([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], new FixedSizeList(2, new Field('item', new Float32(), true))),
  nest: vectorFromArray([{a: 1, b: 'x'}, {a: 2, b: 'y'}, {a: 3, b: 'z'}, {a: 4, b: ''}, {a: 5, b: 'w'}],
    new Struct([new Field('a', new Int32(), true), new Field('b', new Utf8(), true)])),
};
const once = new Table(columns);
const twice = once.concat(once);
writeFileSync('types.stream.arrow', tableToIPC(once, 'stream'));
writeFileSync('types.file.arrow', tableToIPC(once, 'file'));
writeFileSync('batches.stream.arrow', tableToIPC(twice, 'stream'));
writeFileSync('batches.file.arrow', tableToIPC(twice, 'file'));
