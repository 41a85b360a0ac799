#include "redis_protocol.hpp"

#include <hiredis/hiredis.h>

#include <memory>
#include <new>
#include <string>

namespace braid::scrape::redis {
namespace {

constexpr long long most_items = 1 << 20;

redisReplyObjectFunctions usual_functions() {
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(), &redisReaderFree);
  if (!reader) throw std::bad_alloc();
  return *reader->fn;
}

/// hiredis makes room for all items of an array before the first of them has come: that is what has to be bounded.
/// Its versions differ in the type of the number.
redisReplyObjectFunctions* functions() {
  static const redisReplyObjectFunctions usual = usual_functions();
  static redisReplyObjectFunctions ours = [] {
    auto all = usual;
    all.createArray = [](const redisReadTask* task, auto items) -> void* {
      return static_cast<long long>(items) > most_items ? nullptr : usual.createArray(task, items);
    };
    return all;
  }();
  return &ours;
}

[[noreturn]] void fail(const redisReader& reader) {
  // The only way that it can run out of memory without std::bad_alloc being near.
  if (reader.err == REDIS_ERR_OOM)
    throw protocol_error("an array of more than " + std::to_string(most_items) + " items");
  throw protocol_error(reader.errstr);
}

redis_reply converted(const redisReply& from, std::string& error) {
  redis_reply reply;
  switch (from.type) {
    case REDIS_REPLY_INTEGER:
      reply.type = redis_reply::kind::integer;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      reply.type = redis_reply::kind::text;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      error.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ARRAY:
      reply.type = redis_reply::kind::array;
      reply.items.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) reply.items.push_back(converted(*from.element[i], error));
      break;
    case REDIS_REPLY_NIL:
      break;
    default:
      throw protocol_error("an answer of a kind that RESP2 does not have");
  }
  return reply;
}

}  // namespace

std::string encode(std::span<const std::string> words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* bytes = nullptr;
  const auto size = redisFormatCommandArgv(&bytes, static_cast<int>(words.size()), texts.data(), sizes.data());
  if (size < 0) throw std::bad_alloc();
  std::string text(bytes, static_cast<std::size_t>(size));
  redisFreeCommand(bytes);
  return text;
}

void decoder::release::operator()(redisReader* reader) const { redisReaderFree(reader); }

decoder::decoder(std::size_t most_bytes) : reader_(redisReaderCreateWithFunctions(functions())), most_(most_bytes) {
  if (!reader_) throw std::bad_alloc();
}

decoder::~decoder() = default;

void decoder::feed(std::string_view bytes) {
  fed_ += bytes.size();
  if (fed_ > most_) throw limit_error("the answer is longer than " + std::to_string(most_) + " bytes");
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) fail(*reader_);
}

std::optional<answer> decoder::take() {
  void* whole = nullptr;
  if (redisReaderGetReply(reader_.get(), &whole) != REDIS_OK) fail(*reader_);
  if (whole == nullptr) return std::nullopt;
  const std::unique_ptr<void, decltype(&freeReplyObject)> held(whole, &freeReplyObject);
  if (reader_->pos != reader_->len) throw protocol_error("more came than was asked for");
  fed_ = 0;
  answer result;
  result.reply = converted(*static_cast<const redisReply*>(whole), result.error);
  return result;
}

}  // namespace braid::scrape::redis
