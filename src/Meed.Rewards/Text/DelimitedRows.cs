using System.Text;

namespace Meed.Rewards.Text;

/// <summary>Rows and fields of delimited text (RFC 4180): quotes may surround a field, a doubled quote stands for one, line breaks inside quotes belong to the field.</summary>
/// <remarks>A blank line is a row without fields; a line break at the very end opens no row. Text after a closing quote is taken as it stands.</remarks>
public static class DelimitedRows
{
    /// <summary>A field and whether it stood in quotes.</summary>
    /// <param name="Value">The text without its quotes.</param>
    /// <param name="Quoted">True when it began with a quote.</param>
    public readonly record struct Field(string Value, bool Quoted);

    /// <summary>All rows.</summary>
    public static List<List<Field>> Read(string text, char delimiter)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rows = new List<List<Field>>();
        var row = new List<Field>();
        var field = new StringBuilder();
        bool quoted = false, inside = false, any = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (inside)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    inside = false;
                }
            }
            else if (c == '"' && field.Length == 0 && !quoted)
            {
                inside = quoted = any = true;
            }
            else if (c == delimiter)
            {
                row.Add(new Field(field.ToString(), quoted));
                field.Clear();
                quoted = false;
                any = true;
            }
            else if (c is '\n' or '\r')
            {
                i += c == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
                End();
            }
            else
            {
                field.Append(c);
                any = true;
            }
        }

        if (any)
        {
            End();
        }

        return rows;

        void End()
        {
            if (any)
            {
                row.Add(new Field(field.ToString(), quoted));
            }

            rows.Add(row);
            row = [];
            field.Clear();
            quoted = any = false;
        }
    }
}
