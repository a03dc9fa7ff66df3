namespace Lposs.Cli.Output;

/// <summary>Rows of text under a title, for people: a framed table on a terminal, aligned columns elsewhere.</summary>
/// <param name="Title">What the rows are about.</param>
/// <param name="Columns">The headings; a heading that begins with ">" is that of a column of numbers, set to the
/// right.</param>
internal sealed record ResultTable(string Title, params string[] Columns)
{
    /// <summary>The rows, each with as many cells as there are columns.</summary>
    public List<(RgbColour? Colour, string[] Cells)> Rows { get; } = [];

    public ResultTable Add(params string[] cells) => AddColoured(null, cells);

    /// <summary>Adds a row that a terminal marks with a colour.</summary>
    public ResultTable AddColoured(RgbColour? colour, params string[] cells)
    {
        Rows.Add((colour, cells));
        return this;
    }

    /// <summary>The heading without its mark.</summary>
    public static string Heading(string column) => column.TrimStart('>');

    public static bool IsNumber(string column) => column.StartsWith('>');
}
