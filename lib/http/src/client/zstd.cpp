#include <zstd.h>

#include <braid/core/error.hpp>

#include "client/coding.hpp"

namespace braid::http {

namespace {

constexpr int largest_window_log = 23;  // RFC 8878: 8 MiB is what every decoder should support

class zstd final : public coding {
 public:
  zstd() { ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax, largest_window_log); }

  step run(std::string_view in, std::span<char> out) override {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(state_.get(), &to, &from);
    if (ZSTD_isError(result)) throw decode_error(std::string("broken zstd data: ") + ZSTD_getErrorName(result));
    if (from.pos > 0 || to.pos > 0) complete_ = result == 0;
    step done;
    done.consumed = from.pos;
    done.produced = to.pos;
    return done;
  }
  bool complete() const override { return complete_; }

 private:
  struct closer {
    void operator()(ZSTD_DCtx* state) const { ZSTD_freeDCtx(state); }
  };
  std::unique_ptr<ZSTD_DCtx, closer> state_{ZSTD_createDCtx()};
  bool complete_ = false;
};

}  // namespace

std::unique_ptr<coding> make_zstd() { return std::make_unique<zstd>(); }

}  // namespace braid::http
