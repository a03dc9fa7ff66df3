namespace Lposs.Cli.Output;

/// <summary>A <see cref="ResultTable"/> as plain lines of 120 columns at most; only a word that is longer by itself,
/// such as a path, goes beyond.</summary>
internal static class PlainTable
{
    private const int LineWidth = 120;
    private const int LeastWidth = 24;
    private const string Indent = "  ";
    private const string Gap = "  ";

    public static IEnumerable<string> Lines(ResultTable table)
    {
        yield return table.Title;
        bool hasHeadings = table.Columns.Any(column => ResultTable.Heading(column).Length > 0);
        IEnumerable<string[]> rows = table.Rows.Select(row => row.Cells);
        if (hasHeadings)
            rows = rows.Prepend([.. table.Columns.Select(ResultTable.Heading)]);
        int[] widths = Widths(table, [.. rows]);
        foreach (string[] row in rows)
        {
            List<string>[] cells = [.. row.Select((cell, c) => Wrap(cell, widths[c]))];
            for (int line = 0; line < cells.Max(cell => cell.Count); line++)
                yield return Indent
                    + string.Join(
                            Gap,
                            cells.Select(
                                (cell, c) =>
                                    ResultTable.IsNumber(table.Columns[c])
                                        ? cell.ElementAtOrDefault(line, "").PadLeft(widths[c])
                                        : cell.ElementAtOrDefault(line, "").PadRight(widths[c])
                            )
                        )
                        .TrimEnd();
        }
    }

    /// <summary>As wide as the longest cells, the widest columns narrowed until a line fits.</summary>
    private static int[] Widths(ResultTable table, string[][] rows)
    {
        int[] widths = [.. table.Columns.Select((_, c) => rows.Max(row => row[c].Length))];
        int room = LineWidth - Indent.Length - Gap.Length * (widths.Length - 1);
        while (widths.Sum() > room && widths.Max() > LeastWidth)
        {
            int widest = Array.IndexOf(widths, widths.Max());
            widths[widest] = Math.Max(
                LeastWidth,
                Math.Max(widths[widest] - (widths.Sum() - room), widths.Where((_, c) => c != widest).Append(0).Max())
            );
            if (widths.Count(width => width == widths[widest]) > 1 && widths.Sum() > room)
                widths[widest]--;
        }
        return widths;
    }

    /// <summary>Lines of a cell: parts that end with a comma stay whole where they can.</summary>
    private static List<string> Wrap(string cell, int width)
    {
        List<string> lines = [];
        if (cell.Length <= width)
            return [cell];
        foreach (string part in Parts(cell, ", "))
            foreach (string piece in part.TrimEnd().Length <= width ? [part] : Parts(part, " "))
            {
                if (lines.Count > 0 && (lines[^1] + piece).TrimEnd().Length <= width)
                    lines[^1] += piece;
                else
                    lines.Add(piece);
            }
        return [.. lines.Select(line => line.TrimEnd())];
    }

    /// <summary>The text cut behind each separator.</summary>
    private static IEnumerable<string> Parts(string text, string separator)
    {
        string[] parts = text.Split(separator);
        return parts.Select((part, i) => i < parts.Length - 1 ? part + separator : part);
    }

    private static string ElementAtOrDefault(this List<string> lines, int index, string fallback) =>
        index < lines.Count ? lines[index] : fallback;
}
