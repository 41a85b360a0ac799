#include <zlib.h>

#include <algorithm>
#include <limits>

#include <braid/core/error.hpp>

#include "client/coding.hpp"

namespace braid::http {

namespace {

constexpr int window = 15;

/// zlib's inflate, begun anew for each member of a gzip stream.
class inflater {
 public:
  inflater() = default;
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;
  ~inflater() {
    if (open_) inflateEnd(&z_);
  }

  void open(int window_bits) {
    if (open_) inflateEnd(&z_);
    z_ = {};
    if (inflateInit2(&z_, window_bits) != Z_OK) throw decode_error("no memory for decompression");
    open_ = true;
  }

  coding::step run(std::string_view in, std::span<char> out, bool& ended, std::string_view name) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = static_cast<uInt>(std::min(in.size(), most));
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(std::min(out.size(), most));
    const uInt had_in = z_.avail_in, had_out = z_.avail_out;
    const int result = inflate(&z_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      throw decode_error("broken " + std::string(name) + " data" + (z_.msg ? ": " + std::string(z_.msg) : ""));
    }
    ended = result == Z_STREAM_END;
    coding::step out_step;
    out_step.consumed = had_in - z_.avail_in;
    out_step.produced = had_out - z_.avail_out;
    return out_step;
  }

 private:
  z_stream z_{};
  bool open_ = false;
};

/// Any number of gzip members, one behind the other, and zeros behind the last.
class gzip final : public coding {
 public:
  gzip() { inflate_.open(window + 16); }

  step run(std::string_view in, std::span<char> out) override {
    step done;
    if (between_) {
      while (done.consumed < in.size() && in[done.consumed] == '\0') ++done.consumed;
      padded_ = padded_ || done.consumed > 0;
      if (done.consumed == in.size()) return done;
      if (padded_) throw decode_error("broken gzip data: bytes behind its end");
      inflate_.open(window + 16);
      between_ = false;
    }
    bool ended = false;
    const step more = inflate_.run(in.substr(done.consumed), out, ended, "gzip");
    done.consumed += more.consumed;
    done.produced = more.produced;
    between_ = ended;
    return done;
  }
  bool complete() const override { return between_; }

 private:
  inflater inflate_;
  bool between_ = false;  // behind a member
  bool padded_ = false;
};

class deflate final : public coding {
 public:
  step run(std::string_view in, std::span<char> out) override {
    step done;
    if (ended_) {
      if (!in.empty()) throw decode_error("broken deflate data: bytes behind its end");
      return done;
    }
    while (held_ < 2 && done.consumed < in.size()) start_[held_++] = in[done.consumed++];
    if (held_ < 2) return done;
    if (!chosen_) {
      // zlib's header: method 8, and a check that a raw stream passes by chance only, one in some hundred.
      const auto first = static_cast<unsigned char>(start_[0]), second = static_cast<unsigned char>(start_[1]);
      const bool zlib = (first & 0x0F) == 8 && (first * 256 + second) % 31 == 0;
      inflate_.open(zlib ? window : -window);
      chosen_ = true;
    }
    if (given_ < held_) {
      const step more = inflate_.run(std::string_view(start_ + given_, held_ - given_), out, ended_, "deflate");
      given_ += more.consumed;
      done.produced += more.produced;
      if (given_ < held_ && !ended_) return done;
    }
    if (ended_) return done;
    const step more = inflate_.run(in.substr(done.consumed), out.subspan(done.produced), ended_, "deflate");
    done.consumed += more.consumed;
    done.produced += more.produced;
    return done;
  }
  bool complete() const override { return ended_; }

 private:
  inflater inflate_;
  char start_[2] = {};
  std::size_t held_ = 0;   // of start_
  std::size_t given_ = 0;  // of those, to zlib
  bool chosen_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<coding> make_gzip() { return std::make_unique<gzip>(); }
std::unique_ptr<coding> make_deflate() { return std::make_unique<deflate>(); }

}  // namespace braid::http
