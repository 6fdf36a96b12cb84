//! Headings of columns, by the names that `[columns]`, sort keys and `--columns` use.

words! {
    /// Columns of customers.
    table CUSTOMERS {
        id "ID", "ID";
        name "客户", "Customer";
        remark "备注", "Remark";
        alias "别名", "Alias";
        stage "阶段", "Stage";
        tags "标签", "Tags";
        contacted "最近联系", "Contact";
        rfm "RFM", "RFM";
        next "下次跟进", "Follow-up";
        owner "归属", "Owner";
        phone "电话", "Phone";
        city "城市", "City";
        source "来源", "Source";
        level "等级", "Level";
        points "积分", "Points";
        added "添加", "Added";
        active "活跃", "Active";
        ordered "下单", "Ordered";
        orders "订单数", "Orders";
        ltv "累计消费", "Spent";
        birthday "生日", "Birthday";
        churn "流失风险", "Churn";
    }
    /// Columns of follow-ups.
    table FOLLOW_UPS {
        id "ID", "ID";
        due "到期", "Due";
        customer "客户", "Customer";
        title "事项", "Task";
        kind "类型", "Kind";
        priority "优先级", "Priority";
        status "状态", "Status";
        source "来源", "Source";
        assignee "归属", "Assignee";
        outcome "上次结果", "Result";
        sla "承诺", "Promised";
        snoozed "延后至", "Snoozed";
    }
    /// Columns of groups.
    table GROUPS {
        id "ID", "ID";
        name "群", "Group";
        owner "群主", "Owner";
        members "人数", "Size";
        trend "7天", "7 days";
        active7 "活跃", "Active";
        net7 "净增", "Net";
        status "状态", "Status";
        messages "今日发言", "Messages";
    }
    /// Columns of tags.
    table TAGS {
        id "ID", "ID";
        name "标签", "Tag";
        group "标签组", "Tag group";
        customers "客户数", "Customers";
        change7 "7天", "7 days";
    }
    /// Columns of a group's members.
    table MEMBERS {
        name "成员", "Member";
        kind "身份", "Who";
        messages "30天发言", "30 days";
        last_message "最近", "Latest";
        joined "入群", "Joined";
        join_scene "方式", "How";
        invited_by "邀请人", "Inviter";
        left "退群", "Left";
    }
    /// Columns of a group's activities.
    table ACTIVITIES {
        kind "类型", "Kind";
        title "活动", "Activity";
        starts "开始", "Starts";
        ends "结束", "Ends";
        participants "参与", "Joined";
        conversions "转化", "Bought";
    }
}
