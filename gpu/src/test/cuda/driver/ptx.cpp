#include "ptx.h"

#include <cmath>
#include <cstdio>
#include <regex>

namespace emulator {
namespace {
// `.param .align 8 .b8 name[48]` or `.param .u64 name`
size_t bytesOf(const std::string& parameter) {
  static const std::regex TYPE(R"(\.[bfsu](8|16|32|64)\b)"), COUNT(R"(\[(\d+)\])");
  std::smatch type, count;
  size_t bytes = std::regex_search(parameter, type, TYPE) ? std::stoul(type[1]) / 8 : 0;
  return std::regex_search(parameter, count, COUNT) ? bytes * std::stoul(count[1]) : bytes;
}

std::vector<size_t> parametersOf(const std::string& list) {
  std::vector<size_t> bytes;
  for (size_t at = list.find(".param"); at != std::string::npos;) {
    size_t next = list.find(".param", at + 1);
    bytes.push_back(bytesOf(list.substr(at, next == std::string::npos ? next : next - at)));
    at = next;
  }
  return bytes;
}
// `.maxntid 256, 1, 1`, between the parameters and the body
unsigned mostThreads(const std::string& directives) {
  static const std::string BOUNDS = ".maxntid ";
  size_t at = directives.find(BOUNDS);
  unsigned x = 1, y = 1, z = 1;
  return at == std::string::npos || sscanf(directives.c_str() + at + BOUNDS.size(), "%u, %u, %u", &x, &y, &z) < 1
             ? 0
             : x * y * z;
}
}  // namespace

Ptx Ptx::parse(const std::string& text) {
  static const std::string ENTRY = ".entry ";
  Ptx ptx{};
  size_t version = text.find(".version ");
  if (version != std::string::npos) {
    ptx.version = (int)std::lround(std::stod(text.substr(version + 9, 5)) * 10);
  }
  for (size_t at = text.find(ENTRY); at != std::string::npos; at = text.find(ENTRY, at + 1)) {
    size_t open = text.find('(', at);
    size_t close = text.find(')', open);
    std::string name = text.substr(at + ENTRY.size(), open - at - ENTRY.size());
    size_t body = text.find('{', close);
    ptx.entries[name] = {parametersOf(text.substr(open, close - open)), mostThreads(text.substr(close, body - close))};
  }
  return ptx;
}
}  // namespace emulator
