using Spectre.Console;

namespace Lposs.Cli.Output;

/// <summary>A <see cref="ResultTable"/> as a framed table for a terminal.</summary>
internal static class TerminalTable
{
    public static Table Of(ResultTable table)
    {
        var framed = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(table.Title)) };
        framed.Title.Style = new Style(decoration: Decoration.Bold);
        framed.ShowHeaders = table.Columns.Any(column => ResultTable.Heading(column).Length > 0);
        foreach (string column in table.Columns)
        {
            framed.AddColumn(
                new TableColumn(Markup.Escape(ResultTable.Heading(column)))
                {
                    Alignment = ResultTable.IsNumber(column) ? Justify.Right : Justify.Left,
                }
            );
        }
        foreach (var (colour, cells) in table.Rows)
        {
            string mark = colour is { } c ? $"[rgb({c.R},{c.G},{c.B})]\u25a0[/] " : "";
            framed.AddRow(cells.Select((cell, i) => new Markup((i == 0 ? mark : "") + Markup.Escape(cell))));
        }
        return framed;
    }
}
