# Turns the catalogue "field,ra_deg,dec_deg,vt_mag" into the sky_fields of sky.h.

BEGIN {
  FS = ","
  print "#include <stddef.h>\n#include \"sky.h\"\n\nstatic const struct star stars[] = {"
}

NR > 1 {
  if (!($1 in count)) {
    names[++fields] = $1
    first[$1] = NR - 2
  }
  count[$1]++
  printf "  {%s, %s, %s},\n", $2, $3, $4
}

END {
  print "};\n\nconst struct field sky_fields[] = {"
  for (i = 1; i <= fields; i++)
    printf "  {\"%s\", stars + %d, %d},\n", names[i], first[names[i]], count[names[i]]
  print "  {NULL, NULL, 0},\n};"
}
