# Script behind atcert_embed(): writes OUTPUT, a C++ source that holds FILES of FOLDER as byte arrays.
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS FILES)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  get_filename_component(name ${file} NAME)
  string(APPEND arrays "constexpr unsigned char kFile${index}[] = {${bytes} 0};\n")
  string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(kFile${index}), sizeof(kFile${index}) - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
if(index EQUAL 0)
  set(body "  return {};\n")
else()
  set(body "  static const EmbeddedFile files[] = {\n${rows}  };\n  return files;\n")
endif()
file(
  WRITE ${OUTPUT}
  "#include \"base/embedded.hpp\"\n\nnamespace atcert {\nnamespace {\n\n${arrays}\n}  // namespace\n\n"
  "std::span<const EmbeddedFile> embedded_${FOLDER}() {\n${body}}\n\n}  // namespace atcert\n")
