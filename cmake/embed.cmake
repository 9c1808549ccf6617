# Compiles the files of a data folder into a target, so that one file is the whole tool.
#
# atcert_embed(target folder patterns...) adds a source that defines, for `#include "base/embedded.hpp"`,
#   std::span<const EmbeddedFile> atcert::embedded_<folder>();
function(atcert_embed target folder)
  set(patterns ${ARGN})
  list(TRANSFORM patterns PREPEND ${CMAKE_SOURCE_DIR}/${folder}/)
  file(GLOB files CONFIGURE_DEPENDS ${patterns})
  set(output ${CMAKE_BINARY_DIR}/embedded/${folder}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D "FILES=${files}" -D OUTPUT=${output} -P
            ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
