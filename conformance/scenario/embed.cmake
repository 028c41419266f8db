# Writes a C++ file that holds the scenario files as bytes.
#   cmake -DOUTPUT=scenario_files.cc "-DFILES=a.xml;b.xml" -P embed.cmake
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS FILES)
  file(READ "${file}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  get_filename_component(name "${file}" NAME)
  string(APPEND arrays "constexpr unsigned char kFile${index}[] = {${bytes}};\n")
  string(APPEND rows "      {\"${name}\",\n       std::string(reinterpret_cast<const char*>(kFile${index}), sizeof(kFile${index}))},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}"
     "// Generated from the files in conformance/scenarios/.\n"
     "#include \"conformance/scenario/loader.h\"\n\n"
     "namespace conform {\nnamespace {\n\n${arrays}\n}  // namespace\n\n"
     "std::vector<SourceText> EmbeddedScenarios() {\n  return {\n${rows}  };\n}\n\n"
     "}  // namespace conform\n")
