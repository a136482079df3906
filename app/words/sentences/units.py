"""Sentences about files of units, and about moving a unit."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "unit_name_taken": N_("There is a unit called %(name)s here already."),
    # moving
    "unit_into_itself": N_("A unit can't stand below itself."),
    "unit_there_already": N_("It stands there already."),
    "unit_above_not_yours": N_("Only an administrator of the unit above can take this one away from it."),
    "unit_moved_meanwhile": N_("Somebody moved this unit meanwhile. Look again at what would change."),
    "unit_on_its_way": N_("A post of these units is going out just now. Try again in a minute."),
    "top_needs_administrator": N_(
        "At the top it needs an administrator of its own. Give somebody that role in this unit first."
    ),
    # files
    "file_unreadable": N_("This can't be read as a table. Save it as CSV, with UTF-8 if you can choose."),
    "file_empty": N_("There are no rows below the headings."),
    "file_too_long": N_("The file has %(count)s rows, at most %(most)s are taken at once."),
    "columns_missing": N_(
        "The first row must name the columns: at least the name and the unit above. Take the sample file."
    ),
    "column_unknown": N_("The column “%(head)s” is not known. Take it out, or see the sample file."),
    "column_twice": N_("Two columns mean the same: %(head)s."),
    "row_too_long": N_(
        "Row %(row)s has more cells than there are headings. Is a sign between cells too much?"
    ),
    "tree_changed": N_("Somebody changed the units meanwhile. Look at what the file would do now."),
    # rows
    "kind_unknown": N_("No kind of unit is called “%(words)s”."),
    "zone_unknown": N_("No time zone is called “%(words)s”. Write one like Europe/Helsinki."),
    "locale_unknown": N_("Kuliss doesn't speak “%(words)s”. Write en, fi, nb or sv."),
    "country_unknown": N_("No country is called “%(words)s”. Write a code like FI."),
    "population_unknown": N_("“%(words)s” is not a number of people."),
    "day_unknown": N_("“%(words)s” is not a day. Write it like 2027-01-31."),
    "parent_missing": N_("Say which unit it belongs to."),
    "parent_not_found": N_("There is no unit called “%(parent)s”, neither here nor in the file."),
    "parent_ambiguous": N_(
        "Several units are called “%(parent)s”. Write the one above too, as “Library / Branch”."
    ),
    "parent_wrong": N_("The row of “%(parent)s” must be put right first."),
    "units_circle": N_("It would stand below itself."),
    "twice_in_file": N_("Row %(row)s has the same name in the same place."),
    "known_twice": N_("Two units have this name in this place already, so nobody knows which is meant."),
    "name_elsewhere": N_(
        "A unit with this name is there already: %(path)s. A file moves nothing; to move that one, open it."
    ),
    # said after something was done
    "done_unit_moved": N_("The unit has moved. No post was changed."),
    "done_units_brought_in": N_("The units are as the file says."),
}
