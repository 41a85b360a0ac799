# cmake -DOUTPUT=builtin.cpp -DFILES=a.json;b.json -P embed_engines.cmake: the files as one .cpp.
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  # As bytes: a raw string may not hold any text, and compilers limit its length.
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(MAKE_C_IDENTIFIER "${name}" identifier)
  string(APPEND arrays "constexpr char ${identifier}[] = {${bytes}};\n")
  string(APPEND entries "    {\"${name}\", {${identifier}, sizeof ${identifier}}},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"builtin.hpp\"

namespace braid::serp {
namespace {

${arrays}
constexpr builtin_definition files[] = {
${entries}};

}  // namespace

std::span<const builtin_definition> builtin_definitions() { return files; }

}  // namespace braid::serp
")
