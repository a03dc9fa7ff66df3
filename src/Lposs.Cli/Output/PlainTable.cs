namespace Lposs.Cli.Output;

/// <summary>A <see cref="ResultTable"/> as plain lines with aligned columns.</summary>
internal static class PlainTable
{
    public static IEnumerable<string> Lines(ResultTable table)
    {
        yield return table.Title;
        bool hasHeadings = table.Columns.Any(column => ResultTable.Heading(column).Length > 0);
        string[][] rows =
        [
            .. hasHeadings ? [[.. table.Columns.Select(ResultTable.Heading)]] : Array.Empty<string[]>(),
            .. table.Rows.Select(row => row.Cells),
        ];
        int[] widths = [.. table.Columns.Select((_, c) => rows.Max(row => row[c].Length))];
        foreach (string[] row in rows)
        {
            var cells = row.Select((cell, c) =>
                ResultTable.IsNumber(table.Columns[c]) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            yield return "  " + string.Join("  ", cells).TrimEnd();
        }
    }
}
