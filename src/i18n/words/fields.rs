//! Fields of records, as `siyu list` and `siyu show` head their columns.

words! {
    GROUP_OWNER "群主", "owner";
    TAG_GROUP "标签组", "tag group";
    TAG_GROUP_ID "标签组编号", "tag group id";
    SHELF "分组", "shelf";
    YES "是", "yes";
    NO "否", "no";
    /// Fields, and what is worked out from them, by their names in the API.
    table FIELDS {
        account "系统账号", "account";
        active "在职", "active";
        active7 "日均活跃", "active7";
        added_at "添加时间", "added at";
        after "之后", "after";
        alias "别名", "alias";
        amount "金额", "amount";
        assignee "负责人", "assignee";
        assignee_id "负责人编号", "assignee id";
        at "时间", "at";
        attempts "尝试次数", "attempts";
        audience "受众", "audience";
        batch "批次", "batch";
        before "之前", "before";
        birthday "生日", "birthday";
        body "正文", "body";
        change7 "7天变化", "change7";
        channels "渠道", "channels";
        churn "流失风险", "churn";
        city "城市", "city";
        clashes "冲突", "clashes";
        color "颜色", "color";
        command "命令", "command";
        company "公司", "company";
        created_at "创建时间", "created at";
        created_by "创建人编号", "created by";
        creator "创建人", "creator";
        currency "币种", "currency";
        custom "自定义", "custom";
        customer "客户", "customer";
        customer_count "客户数", "customer count";
        customer_id "客户编号", "customer id";
        customers "客户数", "customers";
        data "数据", "data";
        deed "写入", "deed";
        deleted "已删除", "deleted";
        department "部门", "department";
        done_at "完成时间", "done at";
        due "下次跟进", "due";
        due_at "到期", "due at";
        gender "性别", "gender";
        group "群", "group";
        group_id "群编号", "group id";
        id "编号", "id";
        items "明细", "items";
        kind "类型", "kind";
        label "内容", "label";
        last_active_at "最近活跃", "last active at";
        last_contact_at "最近联系", "last contact at";
        last_order_at "最近下单", "last order at";
        level "等级", "level";
        local "仅本机", "local";
        ltv "累计消费", "ltv";
        made_at "写入时间", "made at";
        member_count "人数", "member count";
        messages7 "7天发言", "messages7";
        n "序号", "n";
        name "名称", "name";
        needs "等待", "needs";
        net7 "净增", "net7";
        next_at "下次发送", "next at";
        note "备注", "note";
        notice "公告", "notice";
        operator "员工", "operator";
        operator_id "员工编号", "operator id";
        order "次序", "order";
        orders "订单数", "orders";
        outcome "结果", "outcome";
        owner "归属", "owner";
        owner_id "群主编号", "owner id";
        owners "归属编号", "owners";
        peer "来源地址", "peer";
        phones "电话", "phones";
        points "积分", "points";
        priority "优先级", "priority";
        record "记录", "record";
        referrer "介绍人", "referrer";
        referrer_id "介绍人编号", "referrer id";
        relations "好友关系", "relations";
        remark "备注", "remark";
        resource "对象", "resource";
        rev "版本", "rev";
        rfm "RFM", "rfm";
        sent_at "发送时间", "sent at";
        sla_at "承诺时间", "sla at";
        snoozed_until "延后至", "snoozed until";
        source "来源", "source";
        stage "阶段", "stage";
        state "状态", "state";
        status "状态", "status";
        tag "标签", "tag";
        tags "标签编号", "tags";
        title "标题", "title";
        updated_at "更新时间", "updated at";
        variants "版本稿", "variants";
        what "操作", "what";
        words "后端回复", "words";
    }
    /// Kinds of customer.
    table CUSTOMERS {
        person "个人", "person";
        company "企业", "company";
    }
    /// States of an order.
    table ORDERS {
        paid "已付", "paid";
        cancelled "已取消", "cancelled";
        refunded "已退款", "refunded";
        pending "待付", "pending";
        shipped "已发货", "shipped";
        completed "已完成", "completed";
    }
    /// States of a broadcast.
    table BROADCASTS {
        draft "草稿", "draft";
        scheduled "已排期", "scheduled";
        sending "发送中", "sending";
        sent "已发送", "sent";
        cancelled "已取消", "cancelled";
    }
}
