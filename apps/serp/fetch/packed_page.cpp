#include "packed_page.hpp"

#include <zstd.h>

#include <array>
#include <braid/core/error.hpp>
#include <memory>
#include <new>

namespace braid::fetch {
namespace {

constexpr int level = 3;

struct closer {
  void operator()(ZSTD_CCtx* state) const { ZSTD_freeCCtx(state); }
  void operator()(ZSTD_DCtx* state) const { ZSTD_freeDCtx(state); }
};

template <class State>
std::unique_ptr<State, closer> owned(State* state) {
  if (state == nullptr) throw std::bad_alloc();
  return std::unique_ptr<State, closer>(state);
}

}  // namespace

std::string pack_page(std::string_view page) {
  const auto state = owned(ZSTD_createCCtx());
  ZSTD_CCtx_setParameter(state.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(state.get(), ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(page.size()), '\0');
  const auto size = ZSTD_compress2(state.get(), packed.data(), packed.size(), page.data(), page.size());
  if (ZSTD_isError(size) != 0) throw io_error(std::string("cannot pack a page: ") + ZSTD_getErrorName(size));
  packed.resize(size);
  return packed;
}

bool is_packed(std::string_view bytes) { return bytes.starts_with("\x28\xB5\x2F\xFD"); }

std::string unpack_page(std::string_view bytes, const std::string& name, std::size_t most) {
  const auto state = owned(ZSTD_createDCtx());
  std::string page;
  std::array<char, 65536> block{};
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  std::size_t left = 0;
  std::size_t made = 0;
  // A full block may have more behind it than the input shows.
  while (from.pos < from.size || made == block.size()) {
    ZSTD_outBuffer to{block.data(), block.size(), 0};
    left = ZSTD_decompressStream(state.get(), &to, &from);
    if (ZSTD_isError(left) != 0) throw decode_error("cannot unpack " + name + ": " + ZSTD_getErrorName(left));
    made = to.pos;
    page.append(block.data(), made);
    if (page.size() > most) throw limit_error(name + " unpacks to more than " + std::to_string(most) + " bytes");
    if (left == 0 && from.pos == from.size) break;
  }
  if (left != 0) throw decode_error("cannot unpack " + name + ": it ends too early");
  return page;
}

}  // namespace braid::fetch
