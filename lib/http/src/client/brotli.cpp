#include <brotli/decode.h>

#include <braid/core/error.hpp>

#include "client/coding.hpp"

namespace braid::http {

namespace {

class brotli final : public coding {
 public:
  step run(std::string_view in, std::span<char> out) override {
    step done;
    if (ended_) {
      if (!in.empty()) throw decode_error("broken br data: bytes behind its end");
      return done;
    }
    std::size_t in_left = in.size(), out_left = out.size();
    auto* from = reinterpret_cast<const std::uint8_t*>(in.data());
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    const auto result = BrotliDecoderDecompressStream(state_.get(), &in_left, &from, &out_left, &to, nullptr);
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      const auto code = BrotliDecoderGetErrorCode(state_.get());
      throw decode_error(std::string("broken br data: ") + BrotliDecoderErrorString(code));
    }
    ended_ = result == BROTLI_DECODER_RESULT_SUCCESS;
    done.consumed = in.size() - in_left;
    done.produced = out.size() - out_left;
    return done;
  }
  bool complete() const override { return ended_; }

 private:
  struct closer {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, closer> state_{BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)};
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<coding> make_brotli() { return std::make_unique<brotli>(); }

}  // namespace braid::http
