#include "client/content_decoder.hpp"

#include <braid/core/error.hpp>

#include "field_bytes.hpp"

namespace braid::http {

namespace {

constexpr std::size_t buffer_size = 64 * 1024;
constexpr std::size_t most_codings = 4;
constexpr std::uint64_t ratio_counts_from = 1 << 20;

std::unique_ptr<coding> make(std::string_view name) {
  if (equal_ignoring_case(name, "gzip") || equal_ignoring_case(name, "x-gzip")) return make_gzip();
  if (equal_ignoring_case(name, "deflate")) return make_deflate();
  if (equal_ignoring_case(name, "br")) return make_brotli();
  if (equal_ignoring_case(name, "zstd")) return make_zstd();
  return nullptr;
}

}  // namespace

std::unique_ptr<content_decoder> content_decoder::of(const headers& fields, std::uint64_t ratio_limit) {
  if (!fields.has("Content-Encoding")) return nullptr;
  std::vector<std::unique_ptr<coding>> chain;
  for (std::string_view list : fields.get_all("Content-Encoding")) {
    while (!list.empty()) {
      const std::size_t comma = list.find(',');
      const std::string_view name = trimmed(list.substr(0, comma));
      list = comma == list.npos ? std::string_view{} : list.substr(comma + 1);
      if (name.empty() || equal_ignoring_case(name, "identity")) continue;
      if (chain.size() == most_codings) throw decode_error("too many content codings");
      std::unique_ptr<coding> one = make(name);
      if (!one) return nullptr;
      chain.insert(chain.begin(), std::move(one));  // the last one applied is undone first
    }
  }
  if (chain.empty()) return nullptr;
  return std::make_unique<content_decoder>(std::move(chain), ratio_limit);
}

content_decoder::content_decoder(std::vector<std::unique_ptr<coding>> in_order, std::uint64_t ratio_limit)
    : ratio_limit_(ratio_limit) {
  for (std::unique_ptr<coding>& one : in_order) {
    stage next;
    next.decode = std::move(one);
    next.buffer.reset(new char[buffer_size]);
    stages_.push_back(std::move(next));
  }
}

std::string_view content_decoder::next(std::string_view& input) {
  const std::size_t before = input.size();
  const std::string_view out = pull(stages_.size() - 1, input);
  taken_ += before - input.size();
  given_ += out.size();
  if (given_ > ratio_counts_from && given_ / ratio_limit_ > taken_) {
    throw limit_error("the body decodes to more than " + std::to_string(ratio_limit_) + " times its size");
  }
  return out;
}

/// Output of stage `index`; empty when `input` is used up.
std::string_view content_decoder::pull(std::size_t index, std::string_view& input) {
  stage& here = stages_[index];
  for (;;) {
    std::string_view& source = index == 0 ? input : stages_[index - 1].left;
    // Also without input: a coding may hold output that did not fit before.
    const coding::step done = here.decode->run(source, std::span<char>(here.buffer.get(), buffer_size));
    source.remove_prefix(done.consumed);
    if (done.produced > 0) return {here.buffer.get(), done.produced};
    if (done.consumed > 0) continue;
    if (index == 0) return {};
    if (!source.empty()) throw decode_error("the body's content codings do not fit each other");
    source = pull(index - 1, input);
    if (source.empty()) return {};
  }
}

void content_decoder::finish() const {
  if (taken_ == 0) return;  // an empty body, whatever its header says
  for (const stage& one : stages_) {
    if (!one.decode->complete()) throw decode_error("the coded body is cut off");
  }
}

}  // namespace braid::http
