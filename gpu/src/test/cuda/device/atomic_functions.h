// Atomic operations. Only one thread has its turn at a time, and none loses it in here, so plain ones are atomic.
#pragma once

namespace emulator {
template <typename T, typename F>
inline T replace(T* place, F with) {
  T old = *place;
  *place = with(old);
  return old;
}
}  // namespace emulator

template <typename T>
inline T atomicAdd(T* place, std::type_identity_t<T> by) {
  return emulator::replace(place, [by](T old) { return (T)(old + by); });
}
template <typename T>
inline T atomicExch(T* place, std::type_identity_t<T> value) {
  return emulator::replace(place, [value](T) { return value; });
}
template <typename T>
inline T atomicCAS(T* place, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  return emulator::replace(place, [expected, value](T old) { return old == expected ? value : old; });
}
template <typename T>
inline T atomicMax(T* place, std::type_identity_t<T> value) {
  return emulator::replace(place, [value](T old) { return old < value ? value : old; });
}
template <typename T>
inline T atomicMin(T* place, std::type_identity_t<T> value) {
  return emulator::replace(place, [value](T old) { return value < old ? value : old; });
}
template <typename T>
inline T atomicOr(T* place, std::type_identity_t<T> value) {
  return emulator::replace(place, [value](T old) { return (T)(old | value); });
}
template <typename T>
inline T atomicAnd(T* place, std::type_identity_t<T> value) {
  return emulator::replace(place, [value](T old) { return (T)(old & value); });
}
